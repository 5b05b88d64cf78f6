package main

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// warmUp is how often each contestant validates each module before it counts.
const warmUp = 3

// result is what a comparison has found.
type result struct {
	contestants []contestant
	inputs      []input
	rounds      int
	times       [][][]time.Duration // by contestant, input and round
}

// measure has every contestant validate every input. In each round they take
// turns, and another one begins, so that what else the machine does meets all.
func measure(contestants []contestant, inputs []input, rounds int) (*result, error) {
	r := &result{contestants: contestants, inputs: inputs, rounds: rounds}
	processes := make([]*process, len(contestants))
	for i, c := range contestants {
		p, err := c.start()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.name, err)
		}
		defer p.stop()
		processes[i] = p
		r.times = append(r.times, make([][]time.Duration, len(inputs)))
	}
	for i, in := range inputs {
		for round := range warmUp + rounds {
			for turn := range processes {
				c := (turn + round) % len(processes)
				took, err := processes[c].ask(in.file)
				if err != nil {
					return nil, fmt.Errorf("%s: %s: %w", contestants[c].name, in.name, err)
				}
				if round >= warmUp {
					r.times[c][i] = append(r.times[c][i], took)
				}
			}
		}
	}
	return r, nil
}

// quantile returns the value below which the share q of the times lies.
func quantile(times []time.Duration, q float64) time.Duration {
	sorted := slices.Sorted(slices.Values(times))
	return sorted[int(q*float64(len(sorted)-1)+0.5)]
}

// median returns how long the contestant took for the input.
func (r *result) median(c, i int) time.Duration { return quantile(r.times[c][i], 0.5) }

// label names the input and its size.
func (in input) label() string {
	if in.size < 100_000 {
		return fmt.Sprintf("%s, %.1f kB", in.name, float64(in.size)/1e3)
	}
	return fmt.Sprintf("%s, %.1f MB", in.name, float64(in.size)/1e6)
}

// speed returns the bytes of module that the contestant validates in a second.
func (r *result) speed(c, i int) float64 {
	return float64(r.inputs[i].size) / r.median(c, i).Seconds()
}

// spread returns how far the middle half of the times lies apart, as a share of
// the median: a measure of the noise.
func (r *result) spread(c, i int) float64 {
	times := r.times[c][i]
	return float64(quantile(times, 0.75)-quantile(times, 0.25)) / float64(r.median(c, i))
}

// ratio returns how many times as long as contestant base the contestant c took.
func (r *result) ratio(c, base, i int) float64 {
	return float64(r.median(c, i)) / float64(r.median(base, i))
}

// mean returns the geometric mean of the ratios over the inputs.
func (r *result) mean(c, base int) float64 {
	sum := 0.0
	for i := range r.inputs {
		sum += math.Log(r.ratio(c, base, i))
	}
	return math.Exp(sum / float64(len(r.inputs)))
}
