/**
 * The one buffer into which all connections of the process read: a session has used it up when `receive` returns.
 *
 *     [ headroom, for the kept tail of a request | what came ]
 */
export const HEADROOM_BYTES = 64 * 1024;
export const READ_BYTES = 256 * 1024;
export const readBuffer = new Uint8Array(HEADROOM_BYTES + READ_BYTES);
export const readView = readBuffer.subarray(HEADROOM_BYTES);
