/** Writes our own manifest, compiled, into the build: `node scripts/write-definition.ts`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConnector } from '../src/node/load-connector.ts';
import { packageFolder } from '../src/node/manifest-files.ts';

const { definition } = await loadConnector({ folder: packageFolder });
writeFileSync(join(packageFolder, 'dist/definition.json'), JSON.stringify(definition));
