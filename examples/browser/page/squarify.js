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
    const scale = (width * height) / left; // pixels of area for each byte
    // A row along the shorter side takes nodes as long as that improves the worst
    // of its rectangles.
    let row = { sum: 0, least: Infinity, most: 0, worst: Infinity };
    let end = i;
    while (end < nodes.length) {
      const longer = extend(row, nodes[end].size, side, scale);
      if (longer.worst > row.worst) break;
      row = longer;
      end++;
    }
    const thickness = side > 0 ? (row.sum * scale) / side : 0;
    let along = 0;
    for (; i < end; i++) {
      const length = row.sum > 0 ? (nodes[i].size / row.sum) * side : 0;
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
    left -= row.sum;
  }
  return cells;
}

// extend returns a row with one more node. The worst is the largest ratio of the
// sides of a rectangle in it: that of the least or the most.
function extend(row, size, side, scale) {
  const sum = row.sum + size;
  const least = Math.min(row.least, size);
  const most = Math.max(row.most, size);
  const square = (side * side) / (sum * sum * scale);
  return { sum, least, most, worst: Math.max(most * square, 1 / (least * square)) };
}
