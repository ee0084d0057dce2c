import path from 'node:path'

/** Where the parts of the program lie. */
export type ProgramFolders = { readonly program: string; readonly screens: string; readonly preload: string }

/** In a package the stages lie beside the archive (they are run by other programs, which cannot look into it); in a checkout all is one tree. */
export function programFolders(appPath: string, isPackaged: boolean, resources: string): ProgramFolders {
  const root = isPackaged ? appPath : rootOf(appPath)
  return {
    program: isPackaged ? resources : root,
    screens: path.join(root, 'dist', 'renderer'),
    preload: path.join(root, 'dist', 'electron', 'preload.cjs'),
  }
}

// `electron dist/electron/main.js` calls the folder of that file the app.
function rootOf(appPath: string): string {
  return appPath.endsWith(path.join('dist', 'electron')) ? path.resolve(appPath, '..', '..') : appPath
}
