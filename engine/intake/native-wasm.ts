import { readFileSync } from 'node:fs'
import type {
  FeatureOptions,
  MatchOptions,
  Native,
  PairEvidence,
  Rehearsal,
  RehearsalOptions,
  RehearsalPair,
  RehearsalPhoto,
} from './native.ts'

// What we use of the platform's WebAssembly; the types of Node do not tell it.
type Module = object
declare const WebAssembly: {
  readonly Module: { new (bytes: Uint8Array): Module; imports(module: Module): readonly { readonly name: string }[] }
  readonly Instance: new (module: Module, imports: Readonly<Record<string, object>>) => { readonly exports: unknown }
}

// Runs the constructors of C++ (WASI's reactors).
const INITIALIZE = '_initialize'

/** The functions of native/wasm.cpp. Addresses are numbers into `memory`; sizes come back, negative where the arguments were no features. */
type Exports = {
  readonly memory: { readonly buffer: ArrayBuffer }
  [INITIALIZE](): void
  reserve(bytes: number): number
  release(at: number): void
  answer(): number
  features(grey: number, width: number, height: number, maxFeatures: number, baseLongPx: number): number
  match(photos: number, use: number, seed: number, focalA: number, focalB: number): number
  candidates(photos: number, count: number, k: number): number
  rehearse(
    photos: number,
    focals: number,
    count: number,
    pairs: number,
    pairCount: number,
    seed: number,
    least: number,
    dropped: number,
  ): number
}

const GIVEN_BYTES = 12
const PAIR_NUMBERS = 8

/** The overlap engine as WebAssembly, from the file that build/native.mjs makes where no addon can be built. Same source and results; what each costs beside the addon stands in docs/figures.md. */
export function loadWasm(file: string): Native {
  const wasm = new Wasm(file)
  return {
    features: (grey, widthPx, heightPx, options) => features(wasm, grey, widthPx, heightPx, options),
    match: (a, b, options) => match(wasm, a, b, options),
    candidates: (blobs, k) =>
      wasm.call((give) => {
        const photos = givePhotos(give, blobs)
        return wasm.taken(wasm.exports.candidates(photos, blobs.length, k), (bytes) => numbersOf(bytes, 0, bytes.length / 4))
      }),
    rehearse: (photos, pairs, options) => rehearse(wasm, photos, pairs, options),
  }
}

type Give = (bytes: Uint8Array) => number

class Wasm {
  readonly exports: Exports

  constructor(file: string) {
    const module = new WebAssembly.Module(readFileSync(file))
    this.exports = new WebAssembly.Instance(module, importsOf(module)).exports as Exports
    this.exports[INITIALIZE]()
  }

  /** Runs `work`, which may put bytes into the module's memory, and lets go of them after it. */
  call<T>(work: (give: Give) => T): T {
    const given: number[] = []
    const give = (bytes: Uint8Array): number => {
      const at = this.exports.reserve(Math.max(1, bytes.length))
      if (at === 0) throw new RangeError('out of memory')
      given.push(at)
      new Uint8Array(this.exports.memory.buffer).set(bytes, at)
      return at
    }
    try {
      return work(give)
    } finally {
      for (const at of given) this.exports.release(at)
    }
  }

  /** The answer, copied out of the module's memory, which moves when it grows. */
  taken<T>(size: number, read: (bytes: Buffer) => T): T {
    if (size === -1) throw new TypeError("these bytes are not a photo's features")
    if (size === -2) throw new TypeError('a pair names what is not there')
    const at = this.exports.answer()
    return read(Buffer.from(this.exports.memory.buffer.slice(at, at + size)))
  }
}

// The module computes and reads nothing of the system: what its C library asks for is refused as not there (WASI's ENOSYS).
const NOT_THERE = 52

function importsOf(module: Module): Readonly<Record<string, object>> {
  const refused = WebAssembly.Module.imports(module).map(({ name }) => [name, () => NOT_THERE] as const)
  return { wasi_snapshot_preview1: Object.fromEntries(refused), env: Object.fromEntries(refused) }
}

function features(wasm: Wasm, grey: Uint8Array, widthPx: number, heightPx: number, options: FeatureOptions): Buffer {
  if (!(widthPx > 0 && heightPx > 0 && grey.length === widthPx * heightPx))
    throw new TypeError('the grey picture does not have width x height bytes')
  const { maxFeatures, baseLongPx } = options
  if (!(maxFeatures > 0 && baseLongPx >= 32 && baseLongPx <= 8192)) throw new TypeError('maxFeatures or baseLongPx out of range')
  return wasm.call((give) => wasm.taken(wasm.exports.features(give(grey), widthPx, heightPx, maxFeatures, baseLongPx), (bytes) => bytes))
}

function match(wasm: Wasm, a: Uint8Array, b: Uint8Array, { use = 0, seed = 1, focalA = 0, focalB = 0 }: MatchOptions): PairEvidence {
  return wasm.call((give) =>
    wasm.taken(wasm.exports.match(givePhotos(give, [a, b]), use, seed, focalA, focalB), (bytes) => {
      const number = (i: number): number => bytes.readDoubleLE(8 * i)
      const known = (i: number): number | null => (number(i) < 0 ? null : number(i))
      return {
        raw: number(0),
        inliersF: number(1),
        inliersH: number(2),
        coverage: number(3),
        inlierRatio: number(4),
        inliersE: known(5),
        medianAngleDeg: known(6),
        forward: known(7),
        matches: numbersOf(bytes, 8 * PAIR_NUMBERS, (bytes.length - 8 * PAIR_NUMBERS) / 4),
      }
    }),
  )
}

function rehearse(wasm: Wasm, photos: readonly RehearsalPhoto[], pairs: readonly RehearsalPair[], options: RehearsalOptions): Rehearsal {
  // The flag cannot be seen from inside: a run that is stopped before it began does not begin, and a check that is aborted ends its worker.
  if (options.stop?.[0]) throw new Error('stopped')
  return wasm.call((give) => {
    const blobs = givePhotos(
      give,
      photos.map(({ blob }) => blob),
      photos.map(({ camera }) => camera),
    )
    const focals = give(bytesOf(Float64Array.from(photos, ({ focalPx }) => focalPx)))
    const numbers = give(bytesOf(Int32Array.from(pairs.flatMap(({ a, b, matches }) => [a, b, matches.length / 2, ...matches]))))
    const { seed, leastInliers, dropped } = options
    const size = wasm.exports.rehearse(blobs, focals, photos.length, numbers, pairs.length, seed, leastInliers, dropped)
    return wasm.taken(size, (bytes) => rehearsalOf(bytes, photos.length))
  })
}

// The layout is told in native/wasm.cpp.
function rehearsalOf(bytes: Buffer, photos: number): Rehearsal {
  const [beginnings, shared, xyz] = [bytes.readInt32LE(0), bytes.readInt32LE(4), bytes.readInt32LE(8)]
  let at = 16
  const next = (size: number): Buffer => bytes.subarray(at, (at += size))
  const doubles = (count: number): Float64Array => new Float64Array(Uint8Array.from(next(8 * count)).buffer)
  const whole = (count: number): Int32Array => numbersOf(next(4 * count), 0, count)
  const [medianAngleDeg, reprojectionPx] = doubles(2)
  return {
    medianAngleDeg: medianAngleDeg!,
    reprojectionPx: reprojectionPx!,
    pose: doubles(7 * photos),
    beginnings: doubles(beginnings),
    group: whole(photos),
    points: whole(photos),
    support: whole(photos),
    shared: whole(shared),
    xyz: new Float32Array(Uint8Array.from(next(4 * xyz)).buffer),
  }
}

/** Puts photos' features into the module's memory, and a table of where they lie; its address. */
function givePhotos(give: Give, blobs: readonly Uint8Array[], cameras: readonly number[] = []): number {
  const table = new Int32Array((GIVEN_BYTES / 4) * blobs.length)
  for (const [i, blob] of blobs.entries()) table.set([give(blob), blob.length, cameras[i] ?? 0], (GIVEN_BYTES / 4) * i)
  return give(bytesOf(table))
}

function bytesOf(numbers: Int32Array | Float64Array): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength)
}

function numbersOf(bytes: Buffer, from: number, count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => bytes.readInt32LE(from + 4 * i))
}
