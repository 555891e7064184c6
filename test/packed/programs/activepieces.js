// Loads the piece as Activepieces does: the file that `main` of the installed package names.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import shared from '@activepieces/shared';

const folder = resolve('node_modules/activepieces-piece-dynamics365');
const { main, version } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
const module = await import(resolve(folder, main));
const piece = shared.extractPieceFromModule({ module, pieceName: 'dynamics365', pieceVersion: version });
assert.equal(piece.getAction('case_create').displayName, 'Create case');
assert.equal(piece.getTrigger('case_created').type, 'POLLING');

console.log('ok');
