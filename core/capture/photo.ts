/** A position as the header gives it: WGS 84 degrees, metres above the ellipsoid or sea level as the camera wrote it. */
export type GpsFix = { readonly lat: number; readonly lon: number; readonly altM: number | null }

/** What a drone's XMP says of its attitude: degrees; pitch -90 looks straight down, yaw clockwise from north. */
export type Gimbal = { readonly pitchDeg: number; readonly yawDeg: number; readonly rollDeg: number }

/** What the header says. Null: not in the file. Times are the camera's local time as written, no zone applied. */
export type HeaderFacts = {
  readonly camera: string | null
  readonly lens: string | null
  readonly focalMm: number | null
  readonly focal35Mm: number | null
  /** Focal length in pixels at the stored width, from whatever the header and the sensor table allow. */
  readonly focalPx: number | null
  readonly takenAt: string | null
  readonly offset: string | null
  readonly exposureS: number | null
  readonly fNumber: number | null
  readonly iso: number | null
  readonly whiteBalance: string | null
  /** EXIF orientation 1..8; 1 where absent. */
  readonly orientation: number
  readonly gps: GpsFix | null
  readonly gimbal: Gimbal | null
  /** The receiver's own estimate of its horizontal error, metres. */
  readonly gpsErrorM?: number | null
  /** Size of the original by the header; other than the stored one after a resize, transposed after a turn. */
  readonly headerWidthPx?: number | null
  readonly headerHeightPx?: number | null
  /** Height above take-off in metres (barometer), where the drone wrote it. */
  readonly relativeAltM: number | null
}

/** What the pixels say; measured at <= 800 px on the long side. */
export type PixelFacts = {
  /** 0..1, higher is sharper, comparable between photos of one capture. */
  readonly sharpness: number
  /** Direction of the worst blur in degrees (0..180) where it is motion, else null. */
  readonly blurDirectionDeg: number | null
  /** How much more detail is left along the best direction than along the worst, in the logarithm of the band ratio. */
  readonly blurContrast?: number
  readonly meanLuma: number
  /** Share of pixels at the dark and the bright end, 0..1. */
  readonly clippedLow: number
  readonly clippedHigh: number
  /** Mean of r/g and b/g, for white balance. */
  readonly redGreen: number
  readonly blueGreen: number
  /** Share of the picture that holds detail which features can sit on, 0..1. */
  readonly texture?: number
  /** 64-bit difference hash, 16 hex digits, upright. */
  readonly dhash: string
}

/** One image file and its facts. `file` is relative to the capture's folder, `/` between folders, byte for byte. */
export type Photo = HeaderFacts &
  PixelFacts & {
    readonly file: string
    readonly sha256: string
    readonly sizeBytes: number
    readonly format: 'jpeg' | 'png' | 'webp' | 'tiff' | 'heic' | 'avif'
    /** Decoded size as stored; EXIF orientation not applied. */
    readonly widthPx: number
    readonly heightPx: number
    /** The picture decodes but not whole (cut off, damaged block). */
    readonly damaged: boolean
  }

/** A file that is not a photo, with the reason. */
export type Skipped = { readonly file: string; readonly code: string; readonly what: string; readonly remedy: string }
