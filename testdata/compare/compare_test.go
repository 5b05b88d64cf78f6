package main

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/matryer/is"
)

func times(ms ...int) (list []time.Duration) {
	for _, n := range ms {
		list = append(list, time.Duration(n)*time.Millisecond)
	}
	return list
}

// threeResults has two modules and three validators.
func threeResults() *result {
	return &result{
		contestants: []contestant{{name: oneWorker}, {name: "a < b", against: oneWorker}, {name: "other", against: "nobody"}},
		inputs:      []input{{name: "first", size: 1e6}, {name: "second", size: 3e6}},
		rounds:      5,
		times: [][][]time.Duration{
			{times(1, 2, 3, 2, 9), times(1, 1, 1, 1, 1)},
			{times(4, 4, 4, 4, 4), times(8, 8, 8, 8, 8)},
			{times(1, 1, 1, 1, 1), times(1, 1, 1, 1, 1)},
		},
	}
}

func TestRatios(t *testing.T) {
	is := is.New(t)
	r := threeResults()
	is.Equal(r.median(0, 0), 2*time.Millisecond)
	is.Equal(r.spread(0, 0), 0.5) // from 2 to 3
	is.Equal(r.ratio(1, 0, 0), 2.0)
	is.Equal(r.ratio(1, 0, 1), 8.0)
	is.True(r.mean(1, 0) > 3.999 && r.mean(1, 0) < 4.001)
	is.Equal(r.speed(0, 1), 3e9)
}

func TestReport(t *testing.T) {
	is := is.New(t)
	var b bytes.Buffer
	is.NoErr(report(&b, threeResults()))
	text := b.String()
	is.True(strings.Contains(text, "2.00 ms ± 25 %"))
	_, ratios, ok := strings.Cut(text, "time divided by that of "+oneWorker)
	is.True(ok)
	is.Equal(strings.Fields(ratios)[:3], []string{"a", "<", "b"})
	is.True(!strings.Contains(ratios, "other")) // is not compared
	is.True(strings.HasSuffix(strings.TrimSpace(ratios), "geometric mean   4.00"))
}

func TestChartIsXML(t *testing.T) {
	is := is.New(t)
	d := xml.NewDecoder(bytes.NewReader(chart(threeResults())))
	bars := 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		is.NoErr(err)
		if e, ok := token.(xml.StartElement); ok && e.Name.Local == "rect" {
			bars++
		}
	}
	is.Equal(bars, 6)
}

// A peer is asked as often as the others, and its answers count.
func TestMeasurePeer(t *testing.T) {
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no sh")
	}
	peer := func(script string) []contestant {
		return []contestant{{name: "peer", command: []string{shell, "-c", script}}}
	}
	inputs := []input{{name: "m", file: "m.wasm", size: 1}}
	is := is.New(t)
	r, err := measure(peer(`n=0; while read f; do n=$((n+1)); echo $n; done`), inputs, 4)
	is.NoErr(err)
	is.Equal(r.times[0][0], []time.Duration{4, 5, 6, 7}) // the first three warm it up

	_, err = measure(peer(`read f; echo "error $f is bad"`), inputs, 4)
	is.Equal(err.Error(), `peer: m: answer "error m.wasm is bad"`)
	_, err = measure(peer(`exit 0`), inputs, 4)
	is.True(err != nil)
}

// The program is a contestant itself.
func TestServe(t *testing.T) {
	is := is.New(t)
	for _, mode := range []string{"one", "all"} {
		var out bytes.Buffer
		is.NoErr(serve(mode, strings.NewReader("../shapes.wasm\n../shapes.wasm\n../algorithms.wasm\n../npm.json\n"), &out))
		answers := strings.Split(strings.TrimSpace(out.String()), "\n")
		is.Equal(len(answers), 4)
		for _, a := range answers[:3] {
			ns, err := time.ParseDuration(a + "ns")
			is.NoErr(err)
			is.True(ns > 0)
		}
		is.True(strings.HasPrefix(answers[3], "error malformed"))
	}
}
