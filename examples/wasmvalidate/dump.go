package main

import "context"

func dumpFile(ctx context.Context, c *call) int { return 0 }
