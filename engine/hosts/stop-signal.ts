/** The signal that ends a command: SIGINT, SIGTERM, SIGHUP, the death of the process that handed over to this one, or a reader that left. */
export function stopSignal(): AbortSignal {
  const asked = new AbortController()
  const stop = () => asked.abort()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, stop)
  if (process.channel) {
    process.on('disconnect', stop)
    process.channel.unref()
  }
  // EPIPE: the reader left. EIO: the terminal was closed. There is nobody left to tell, so nothing is thrown: a throw
  // would be told on the same dead stream, and that again.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', stop)
  return asked.signal
}
