package main

func allocs(root string, update bool) (problems []string, err error) { return nil, nil }
