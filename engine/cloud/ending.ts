/** Why a transfer is aborted: thrown away by the person, or its process ends and the next one goes on. Anything else is a pause. */
export const cancelled = 'cancelled'
export const closing = 'closing'
