import type { ConnectOptions, Connector } from 'dynamics365-connector';

/** What all actions and triggers of a piece share. */
export interface PieceContext {
  readonly connector: Connector;
  /** Settings of the operator of the platform. */
  readonly connectOptions: ConnectOptions;
}
