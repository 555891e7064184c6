import { loadConnector } from 'dynamics365-connector';
import { createDynamics365Piece } from './create-piece.ts';

export { createDynamics365Piece } from './create-piece.ts';

// Settings of the operator of the platform: a connector of their own, and a sandbox on this machine.
const { D365_MANIFEST: manifest, D365_LOCAL_AUTHORITY: localAuthority } = process.env;

/** The piece that Activepieces loads. */
export const dynamics365 = createDynamics365Piece(
  await loadConnector({ manifest }),
  localAuthority === undefined ? {} : { allowLoopback: true, localAuthority },
);
