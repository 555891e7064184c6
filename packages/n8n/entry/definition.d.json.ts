/** Made by `npm run build:n8n`: the manifest, compiled. */
declare const definition: unknown;
export default definition;
