/**
 * The thread of splat-transform's command line, without its graphics library: that is not used (`-g cpu`), and a thread that is
 * ended while the library loads takes the whole process down with it (napi_throw in Dawn's initialisation).
 */
import { registerHooks } from 'node:module'

const NO_GPU = 'data:text/javascript,export const globals = {}; export const create = () => { throw new Error("no GPU here") }'

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'webgpu' ? { url: NO_GPU, format: 'module', shortCircuit: true } : next(specifier, context),
})
const tool = import.meta.resolve('@playcanvas/splat-transform')
await import(tool.replace(/dist\/index\.mjs$/, 'bin/cli.mjs'))
