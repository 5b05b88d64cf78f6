// Package e2e tests the page in Chromium. It is a module of its own, so that
// nobody but the test needs what drives the browser. It is not for platforms that
// cannot start one.
package e2e
