/** Asked again and again where much is worked out; once true, what comes of it is not whole. */
export type Stopped = () => boolean

export const never: Stopped = () => false
