/** Builds the checksum addon of the program under `root` unless it is there already. */
export function buildChecksums(
  root: string,
):
  | { readonly ok: true; readonly file: string; readonly built: boolean }
  | { readonly ok: false; readonly problem: { readonly code: string; readonly what: string; readonly remedy: string } }
