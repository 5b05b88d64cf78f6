package main

func deps(root string, update bool) (problems []string, err error) { return nil, nil }
