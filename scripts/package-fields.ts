import {
  type PackageFolder,
  type PackageManifest,
  packageFolders,
  readManifest,
} from './support/workspace-packages.ts';

/**
 * The public address of the repo. PLACEHOLDER until there is one: change it here, run `npm run sync-packages`, and
 * change the documents that test/architecture/packages.test.ts then names.
 */
export const repositoryUrl = 'https://github.com/dynamics365-connector/dynamics365-connector';

/** Who publishes the packages. PLACEHOLDER like the address. */
const author = {
  name: 'The dynamics365-connector authors',
  email: 'dynamics365-connector@users.noreply.github.com',
};

/** The package.json of every package as it must be: the fields that all share are written from here. */
export function syncedManifests(): ReadonlyMap<PackageFolder, PackageManifest> {
  const manifests = packageFolders.map((folder) => [folder, readManifest(folder)] as const);
  const { version } = readManifest('.');
  const ownNames = manifests.map(([, { name }]) => name);
  return new Map(
    manifests.map(([folder, manifest]) => {
      const { name, version: _, description, license, ...own } = manifest;
      const shared = { name, version, description, license: 'MIT', ...sharedFields(folder) };
      return [folder, pinOwnPackages({ ...shared, ...own, ...sharedFields(folder) }, ownNames)];
    }),
  );
}

/** The fields that follow from the folder of a package. */
function sharedFields(folder: PackageFolder) {
  const directory = folder === '.' ? undefined : folder;
  const page = directory === undefined ? '' : `/tree/main/${directory}`;
  return {
    author,
    homepage: `${repositoryUrl}${page}#readme`,
    repository: { type: 'git', url: `git+${repositoryUrl}.git`, directory },
    bugs: { url: `${repositoryUrl}/issues` },
    engines: { node: '>=22.13' },
  };
}

/** The packages of one release fit each other exactly, so they ask for each other's exact version. */
function pinOwnPackages(manifest: PackageManifest, ownNames: readonly string[]): PackageManifest {
  const pin = (dependencies: PackageManifest['dependencies']) =>
    dependencies &&
    Object.fromEntries(
      Object.entries(dependencies).map(([name, range]) => [
        name,
        ownNames.includes(name) ? manifest.version : range,
      ]),
    );
  const { dependencies, devDependencies } = manifest;
  return { ...manifest, dependencies: pin(dependencies), devDependencies: pin(devDependencies) };
}
