/** The part of the framework that this package imports, see piece-types.ts. */
declare module '@activepieces/pieces-framework' {
  export const Property: import('./piece-types.ts').PropertyFactory;
  export const PieceAuth: import('./piece-types.ts').AuthFactory;
  export const DEDUPE_KEY_PROPERTY: string;
  export function createAction(
    request: import('./piece-types.ts').PieceAction,
  ): import('./piece-types.ts').PieceAction;
  export function createTrigger(
    request: import('./piece-types.ts').PieceTrigger,
  ): import('./piece-types.ts').PieceTrigger;
  export function createPiece(
    request: import('./piece-types.ts').PieceRequest,
  ): import('./piece-types.ts').Piece;

  // For tests.
  export function createMockActionContext(parts: {
    readonly propsValue: import('./piece-types.ts').FormValues;
  }): import('./piece-types.ts').ActionContext;
  interface Schema {
    safeParse(metadata: unknown): { readonly success: boolean; readonly error?: unknown };
  }
  export const ActionBase: Schema;
  export const TriggerBase: Schema;
}

declare module '@activepieces/shared' {
  export function extractPieceFromModule(request: {
    readonly module: object;
    readonly pieceName: string;
    readonly pieceVersion: string;
  }): import('./piece-types.ts').Piece;
}
