/** How long what the authority hands out is good. Whole seconds from 1; may be changed while the sandbox runs. */
export interface TokenLifetimes {
  accessTokenSeconds: number;
  refreshTokenSeconds: number;
  codeSeconds: number;
  deviceCodeSeconds: number;
  /** How often a device may ask: `interval`. */
  devicePollSeconds: number;
}

/** Entra's own defaults. */
export function defaultTokenLifetimes(): TokenLifetimes {
  return {
    accessTokenSeconds: 3600,
    refreshTokenSeconds: 90 * 86_400,
    codeSeconds: 600,
    deviceCodeSeconds: 900,
    devicePollSeconds: 5,
  };
}
