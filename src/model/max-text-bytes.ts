/**
 * A body of more bytes is not made one string: V8 gives a string of more than 128 KB memory of its own, which takes longer
 * than reading or writing it.
 */
export const maxTextBytes = 96 * 1024;
