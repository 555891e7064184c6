import { readXml } from 'dynamics365-connector/odata';
import type { ColumnValues } from '../store/types.ts';
import { readZip } from './read-zip.ts';

type XmlElement = NonNullable<ReturnType<typeof readXml>['root']>;

/** A row of a custom API, of its parameters or of its properties, without its lookups. */
export interface SolutionRow {
  readonly table: 'customapi' | 'customapirequestparameter' | 'customapiresponseproperty';
  /** The unique name of the custom API. */
  readonly api: string;
  readonly values: ColumnValues;
}

/** What the sandbox reads of a solution file. */
export interface SolutionFile {
  readonly uniqueName: string;
  readonly friendlyName: string;
  readonly version: string;
  readonly managed: boolean;
  readonly publisher: {
    readonly uniqueName: string;
    readonly friendlyName: string;
    readonly prefix: string;
    readonly optionPrefix: number;
  };
  /** Custom APIs first. */
  readonly rows: readonly SolutionRow[];
  /** Whether it has tables, which the sandbox does not import. */
  readonly hasTables: boolean;
}

/** Reads a solution file; undefined if it is not one. */
export function readSolutionFile(archive: Buffer): SolutionFile | undefined {
  const files = readZip(archive);
  const manifest = child(parse(files?.get('solution.xml')), 'SolutionManifest');
  const publisher = child(manifest, 'Publisher');
  const uniqueName = text(manifest, 'UniqueName');
  if (files === undefined || publisher === undefined || uniqueName === '') return undefined;
  const entities = child(parse(files.get('customizations.xml')), 'Entities');
  return {
    uniqueName,
    friendlyName: localizedName(manifest) || uniqueName,
    version: text(manifest, 'Version') || '1.0.0.0',
    managed: text(manifest, 'Managed') === '1',
    publisher: {
      uniqueName: text(publisher, 'UniqueName'),
      friendlyName: localizedName(publisher) || text(publisher, 'UniqueName'),
      prefix: text(publisher, 'CustomizationPrefix'),
      optionPrefix: Number(text(publisher, 'CustomizationOptionValuePrefix') || 10_000),
    },
    rows: [...files].flatMap(([name, content]) => readCustomApiFile(name, content) ?? []).sort(byTable),
    hasTables: (entities?.children.length ?? 0) > 0,
  };
}

const byTable = (a: SolutionRow, b: SolutionRow) => (a.table < b.table ? -1 : a.table > b.table ? 1 : 0);

const customApiPath = /^customapis\/([^/]+)\/(?:customapi|(?:\w+)\/[^/]+\/(\w+))\.xml$/i;

function readCustomApiFile(name: string, content: Buffer): SolutionRow | undefined {
  const [, api] = customApiPath.exec(name) ?? [];
  const root = parse(content);
  if (api === undefined || root === undefined) return undefined;
  const values = { ...readColumns(root), uniquename: root.attributes.uniquename ?? api };
  switch (root.name.toLowerCase()) {
    case 'customapi':
      return { table: 'customapi', api, values };
    case 'customapirequestparameter':
      return { table: 'customapirequestparameter', api, values };
    case 'customapiresponseproperty':
      return { table: 'customapiresponseproperty', api, values };
    default:
      return undefined;
  }
}

const textColumns = ['name', 'boundentitylogicalname', 'logicalentityname', 'executeprivilegename'];
const numberColumns = ['bindingtype', 'allowedcustomprocessingsteptype', 'type'];
const flagColumns = ['isfunction', 'isprivate', 'workflowsdkstepenabled', 'isoptional'];

function readColumns(root: XmlElement): ColumnValues {
  const present = (names: readonly string[]) => names.filter((name) => child(root, name) !== undefined);
  return {
    displayname: child(root, 'displayname')?.attributes.default ?? text(root, 'name'),
    description: child(root, 'description')?.attributes.default ?? text(root, 'name'),
    ...Object.fromEntries(present(textColumns).map((name) => [name, text(root, name)])),
    ...Object.fromEntries(present(numberColumns).map((name) => [name, Number(text(root, name))])),
    ...Object.fromEntries(present(flagColumns).map((name) => [name, text(root, name) === '1'])),
  };
}

function parse(content: Buffer | undefined): XmlElement | undefined {
  return content && readXml(content.toString('utf8').replace(/^\uFEFF/, '')).root;
}

function child(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((each) => each.name === name);
}

function text(element: XmlElement | undefined, name: string): string {
  return child(element, name)?.text.trim() ?? '';
}

function localizedName(element: XmlElement | undefined): string {
  return child(child(element, 'LocalizedNames'), 'LocalizedName')?.attributes.description ?? '';
}
