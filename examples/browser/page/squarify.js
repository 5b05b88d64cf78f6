// squarify divides a rectangle among nodes, each of which gets an area in
// proportion to its size, in rectangles that are as near to squares as the order
// of the nodes, the largest first, allows. It returns one {node, x, y, width,
// height} for each node.
//
// Source: Bruls, Huizing and van Wijk, "Squarified Treemaps", 2000.
export function squarify(nodes, { x, y, width, height }) {
  const cells = [];
  let left = nodes.reduce((sum, node) => sum + node.size, 0);
  for (let i = 0; i < nodes.length && left > 0; ) {
    const side = Math.min(width, height);
    const scale = (width * height) / left;
    // A row along the shorter side takes nodes as long as that improves the worst
    // of its rectangles.
    let end = i + 1;
    let sum = nodes[i].size;
    while (end < nodes.length && worst(nodes, i, end + 1, sum + nodes[end].size, side, scale) <= worst(nodes, i, end, sum, side, scale)) {
      sum += nodes[end++].size;
    }
    const thickness = side > 0 ? (sum * scale) / side : 0;
    let along = 0;
    for (; i < end; i++) {
      const length = sum > 0 ? (nodes[i].size / sum) * side : 0;
      cells.push(
        width < height
          ? { node: nodes[i], x: x + along, y, width: length, height: thickness }
          : { node: nodes[i], x, y: y + along, width: thickness, height: length },
      );
      along += length;
    }
    if (width < height) {
      y += thickness;
      height -= thickness;
    } else {
      x += thickness;
      width -= thickness;
    }
    left -= sum;
  }
  return cells;
}

// worst is the largest ratio of the sides of a rectangle in a row of the nodes
// from begin to end, whose sizes have the sum given.
function worst(nodes, begin, end, sum, side, scale) {
  const thickness = (sum * scale) / side;
  const ratio = (size) => {
    const length = (size * scale) / thickness;
    return Math.max(length / thickness, thickness / length);
  };
  // The nodes are sorted, so the worst one is the first or the last.
  return Math.max(ratio(nodes[begin].size), ratio(nodes[end - 1].size));
}
