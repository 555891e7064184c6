/**
 * Builds the packages into their `dist`: `npm run build`, or one of them and what it uses:
 * `npm run build -- dynamics365-connector-mcp`.
 */
import { buildPackage } from './support/build-package.ts';
import { findPackageFolder, packageFolders, withDependencies } from './support/workspace-packages.ts';

const [name] = process.argv.slice(2);
const folders = name === undefined ? packageFolders : withDependencies(findPackageFolder(name));
for (const folder of folders) await buildPackage(folder);
