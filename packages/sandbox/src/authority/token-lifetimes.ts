/** Lifetimes of tokens and codes. Whole seconds, at least 1; can be changed at runtime. */
export interface TokenLifetimes {
  /** Default: 3,600 (1 hour). */
  accessTokenSeconds: number;
  /** Default: 7,776,000 (90 days). */
  refreshTokenSeconds: number;
  /** Authorization codes. Default: 600. */
  codeSeconds: number;
  /** Device codes. Default: 900. */
  deviceCodeSeconds: number;
  /** The `interval` at which a device may poll. Default: 5. */
  devicePollSeconds: number;
}

/** The defaults of Microsoft Entra ID. */
export function defaultTokenLifetimes(): TokenLifetimes {
  return {
    accessTokenSeconds: 3600,
    refreshTokenSeconds: 90 * 86_400,
    codeSeconds: 600,
    deviceCodeSeconds: 900,
    devicePollSeconds: 5,
  };
}
