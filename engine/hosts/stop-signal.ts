/** The signal that ends a command: SIGINT, SIGTERM, SIGHUP, the death of the process that handed over to this one, or a reader that left. */
export function stopSignal(): AbortSignal {
  const asked = new AbortController()
  const stop = () => asked.abort()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, stop)
  if (process.channel) {
    process.on('disconnect', stop)
    process.channel.unref()
  }
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    stop()
  })
  return asked.signal
}
