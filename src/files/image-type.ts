/** The first bytes of the formats that image columns take. */
const signatures: readonly (readonly [start: string, mimeType: string])[] = [
  ['\u0089PNG', 'image/png'],
  ['\u00ff\u00d8\u00ff', 'image/jpeg'],
  ['GIF8', 'image/gif'],
  ['BM', 'image/bmp'],
  ['II*\0', 'image/tiff'],
  ['MM\0*', 'image/tiff'],
];

/**
 * The type of an image by its first bytes; undefined for another format. Dataverse does not keep the type of an image.
 * https://mimesniff.spec.whatwg.org/#matching-an-image-type-pattern
 */
export function imageTypeOf(bytes: Uint8Array): string | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, 4));
  return signatures.find(([signature]) => start.startsWith(signature))?.[1];
}
