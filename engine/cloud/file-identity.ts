import { stat } from 'node:fs/promises'

/** A file's identity on this disk: when it changes, the bytes may have changed. */
export type FileIdentity = { readonly path: string; readonly sizeBytes: number; readonly mtimeNs: string; readonly inode: string }

/** The file's identity as the disk tells it; throws where it cannot be read. */
export async function identityOf(path: string): Promise<FileIdentity> {
  const facts = await stat(path, { bigint: true })
  return { path, sizeBytes: Number(facts.size), mtimeNs: String(facts.mtimeNs), inode: `${facts.dev}:${facts.ino}` }
}

/** One word for size, time and inode; the path is no part of it. */
export function identityText(file: FileIdentity): string {
  return `${file.sizeBytes}:${file.mtimeNs}:${file.inode}`
}
