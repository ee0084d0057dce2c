import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A pinhole camera and a pose of COLMAP's binary model, as far as the viewer needs them. Formats: COLMAP's documentation, "Binary File Format". */
export type ColmapCamera = { readonly widthPx: number; readonly heightPx: number; readonly focalYPx: number }
export type ColmapImage = {
  readonly name: string
  readonly camera: ColmapCamera
  /** World from camera: quaternion xyzw, and the camera's centre. */
  readonly quaternion: readonly [number, number, number, number]
  readonly centre: readonly [number, number, number]
}

// Number of parameters by model id, and which of them is the vertical focal length (0: one focal for both).
const models: Readonly<Record<number, { readonly count: number; readonly focalY: number }>> = {
  0: { count: 3, focalY: 0 },
  1: { count: 4, focalY: 1 },
  2: { count: 4, focalY: 0 },
  3: { count: 5, focalY: 0 },
  4: { count: 8, focalY: 1 },
  5: { count: 8, focalY: 1 },
  6: { count: 12, focalY: 1 },
  7: { count: 5, focalY: 1 },
  8: { count: 4, focalY: 0 },
  9: { count: 5, focalY: 0 },
  10: { count: 12, focalY: 1 },
}

/** The images of a sparse model (`cameras.bin`, `images.bin`), by name. Throws a RangeError where a file is cut off. */
export async function readColmapImages(folder: string): Promise<readonly ColmapImage[]> {
  const cameras = readCameras(reader(await readFile(join(folder, 'cameras.bin'))))
  return readImages(reader(await readFile(join(folder, 'images.bin'))), cameras).sort((a, b) => (a.name < b.name ? -1 : 1))
}

function reader(bytes: Buffer) {
  let at = 0
  const step = (by: number): number => {
    at += by
    return at - by
  }
  return {
    u32: () => bytes.readUInt32LE(step(4)),
    u64: () => Number(bytes.readBigUInt64LE(step(8))),
    f64: () => bytes.readDoubleLE(step(8)),
    skip: (by: number) => void step(by),
    text: () => {
      const end = bytes.indexOf(0, at)
      if (end < 0) throw new RangeError('images.bin is cut off in a name')
      return bytes.toString('utf8', step(end + 1 - at), end)
    },
  }
}

type Reader = ReturnType<typeof reader>

function readCameras(read: Reader): ReadonlyMap<number, ColmapCamera> {
  const cameras = new Map<number, ColmapCamera>()
  for (let left = read.u64(); left > 0; left--) {
    const id = read.u32()
    const model = models[read.u32()]
    if (model === undefined) throw new RangeError('cameras.bin holds an unknown camera model')
    const [widthPx, heightPx] = [read.u64(), read.u64()]
    const params = Array.from({ length: model.count }, read.f64)
    cameras.set(id, { widthPx, heightPx, focalYPx: params[model.focalY] ?? Number.NaN })
  }
  return cameras
}

function readImages(read: Reader, cameras: ReadonlyMap<number, ColmapCamera>): ColmapImage[] {
  return Array.from({ length: read.u64() }, () => {
    read.u32()
    const [w, x, y, z] = [read.f64(), read.f64(), read.f64(), read.f64()]
    const t = [read.f64(), read.f64(), read.f64()] as const
    const camera = cameras.get(read.u32())
    const name = read.text()
    // Each 2D point: x, y, 3D point id.
    read.skip(read.u64() * 24)
    if (camera === undefined) throw new RangeError(`images.bin: ${name} has no camera`)
    return { name, camera, ...worldFromCamera([x, y, z, w], t) }
  })
}

// COLMAP stores camera from world (q, t); the centre is -R(q)^-1 t.
function worldFromCamera(
  q: readonly [number, number, number, number],
  t: readonly [number, number, number],
): Pick<ColmapImage, 'quaternion' | 'centre'> {
  const quaternion = [-q[0], -q[1], -q[2], q[3]] as const
  const [x, y, z] = rotated(quaternion, t)
  return { quaternion, centre: [-x, -y, -z] }
}

function rotated(
  [x, y, z, w]: readonly [number, number, number, number],
  [a, b, c]: readonly [number, number, number],
): readonly [number, number, number] {
  const [tx, ty, tz] = [2 * (y * c - z * b), 2 * (z * a - x * c), 2 * (x * b - y * a)]
  return [a + w * tx + (y * tz - z * ty), b + w * ty + (z * tx - x * tz), c + w * tz + (x * ty - y * tx)]
}
