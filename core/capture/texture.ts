// A cell counts when its local contrast exceeds what sensor noise leaves after the 2 x 2 mean; measured on sky, water and snow.
const noticeable = 4
const grid = 16

/** Share of a 16 x 16 grid whose cells hold detail that features can sit on, 0..1. */
export function texture(grey: Uint8Array, widthPx: number, heightPx: number): number {
  let textured = 0
  for (let row = 0; row < grid; row++) {
    for (let column = 0; column < grid; column++) {
      const box = {
        left: edge(column, widthPx),
        right: edge(column + 1, widthPx),
        top: edge(row, heightPx),
        bottom: edge(row + 1, heightPx),
      }
      if (contrast(grey, widthPx, box) > noticeable) textured++
    }
  }
  return textured / (grid * grid)
}

const edge = (cell: number, extent: number): number => Math.floor((cell * extent) / grid)

type Box = { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number }

/** Root mean square of the second differences at 4 px: slopes and noise cancel, corners and blobs stay. */
function contrast(grey: Uint8Array, widthPx: number, box: Box): number {
  let sum = 0
  let count = 0
  for (let y = box.top; y < box.bottom - 8; y += 2) {
    for (let x = box.left; x < box.right - 8; x += 2) {
      const at = y * widthPx + x
      const across = block(grey, widthPx, at) - 2 * block(grey, widthPx, at + 4) + block(grey, widthPx, at + 8)
      sum += across * across
      count++
    }
  }
  return count > 0 ? Math.sqrt(sum / count) / 4 : 0
}

function block(grey: Uint8Array, widthPx: number, at: number): number {
  return (grey[at] as number) + (grey[at + 1] as number) + (grey[at + widthPx] as number) + (grey[at + widthPx + 1] as number)
}
