/** Made by `npm run build`: the manifest, compiled. */
declare const definition: unknown;
export default definition;
