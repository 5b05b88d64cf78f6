package main

import (
	"bytes"
	_ "embed"
	"fmt"
	"text/template"
)

// The measures of the drawing, in pixels.
const (
	chartWidth = 860
	labelWidth = 190
	valueWidth = 80
	barHeight  = 16
	groupGap   = 34
	chartTop   = 64
)

// bar is one bar of the drawing, or the title of a group of them.
type bar struct {
	Title        string // of a group
	Label, Value string
	Class        int
	Y, Width     float64
}

//go:embed chart.svg.tmpl
var chartText string

var chartTemplate = template.Must(template.New("chart").Parse(chartText))

// chart draws the speed of each contestant for each input as an SVG image.
func chart(r *result) []byte {
	fastest := 0.0
	for c := range r.contestants {
		for i := range r.inputs {
			fastest = max(fastest, r.speed(c, i))
		}
	}
	var bars []bar
	y := float64(chartTop)
	for i, in := range r.inputs {
		bars = append(bars, bar{Title: in.label(), Y: y})
		y += 8
		for c, contestant := range r.contestants {
			speed := r.speed(c, i)
			bars = append(bars, bar{
				Label: contestant.name, Value: fmt.Sprintf("%.0f MB/s", speed/1e6), Class: c % 6,
				Y: y, Width: speed / fastest * (chartWidth - labelWidth - valueWidth),
			})
			y += barHeight + 3
		}
		y += groupGap
	}
	y -= groupGap / 2
	var b bytes.Buffer
	err := chartTemplate.Execute(&b, map[string]any{
		"Width": chartWidth, "Height": y, "Left": labelWidth, "BarHeight": barHeight, "Bars": bars, "Machine": machine(),
	})
	if err != nil {
		panic(err) // the template is part of the program
	}
	return b.Bytes()
}
