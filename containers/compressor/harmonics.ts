// Real spherical harmonics with the constants and signs of the 3DGS reference (sphericart order, degree 3).
const C1 = 0.4886025119029199
const C2 = [1.0925484305920792, -1.0925484305920792, 0.31539156525252005, -1.0925484305920792, 0.5462742152960396] as const
const C3 = [
  -0.5900435899266435, 2.890611442640554, -0.4570457994644658, 0.3731763325901154, -0.4570457994644658, 1.445305721320277,
  -0.5900435899266435,
] as const

/** Weight of the constant coefficient `f_dc`. */
export const C0 = 0.28209479177387814

/** The 0, 3, 8 or 15 basis values above the constant one for a unit direction from the camera to the splat. */
export function basis(bands: number, x: number, y: number, z: number): number[] {
  const values: number[] = []
  if (bands >= 1) values.push(-C1 * y, C1 * z, -C1 * x)
  if (bands >= 2) {
    values.push(C2[0] * x * y, C2[1] * y * z, C2[2] * (2 * z * z - x * x - y * y), C2[3] * x * z, C2[4] * (x * x - y * y))
  }
  if (bands >= 3) {
    values.push(
      C3[0] * y * (3 * x * x - y * y),
      C3[1] * x * y * z,
      C3[2] * y * (4 * z * z - x * x - y * y),
      C3[3] * z * (2 * z * z - 3 * x * x - 3 * y * y),
      C3[4] * x * (4 * z * z - x * x - y * y),
      C3[5] * z * (x * x - y * y),
      C3[6] * x * (x * x - 3 * y * y),
    )
  }
  return values
}
