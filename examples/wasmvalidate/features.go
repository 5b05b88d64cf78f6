package main

import "context"

func listFeatures(ctx context.Context, c *call) int { return 0 }
