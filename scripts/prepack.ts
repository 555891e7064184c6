/**
 * Runs before npm packs or publishes the package in the current folder: builds it and what it uses, unless
 * SKIP_BUILD=1 says that it is built, and replaces its package.json by the published one (scripts/postpack.ts).
 */
import { relative } from 'node:path';
import { buildPackage } from './support/build-package.ts';
import { restoreManifest, usePublishedManifest } from './support/published-manifest.ts';
import { repositoryRoot } from './support/run-command.ts';
import { findPackageFolder, withDependencies } from './support/workspace-packages.ts';

restoreManifest(process.cwd());
const folder = findPackageFolder(relative(repositoryRoot, process.cwd()).replaceAll('\\', '/') || '.');
if (process.env.SKIP_BUILD !== '1') for (const one of withDependencies(folder)) await buildPackage(one);
usePublishedManifest(process.cwd());
