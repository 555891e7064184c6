/** Made by `npm run build`: one compiled check for each schema, by the id of its operation. */
declare const checks: unknown;
export default checks;
