/** Runs after npm packed the package in the current folder: brings back the package.json of the clone. */
import { restoreManifest } from './support/published-manifest.ts';

restoreManifest(process.cwd());
