import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { isAsPacked, sumFiles } from '../../src/node/file-sums.ts';

const installedAt = Date.parse('2026-03-01T12:00:00Z');

describe('the files of an installed manifest', () => {
  const files = new Map([
    ['connector.yaml', 'title: One\n'],
    ['actions/case.close.yaml', 'title: Close\n'],
    ['triggers/case.created.yaml', 'title: Created\n'],
    ['schemas/tables/case.yaml', 'title: Case\n'],
  ]);
  const packed = sumFiles(files);
  let folder: string;
  const write = (file: string, text: string, secondsLater: number) => {
    mkdirSync(join(folder, file, '..'), { recursive: true });
    writeFileSync(join(folder, file), text);
    utimesSync(join(folder, file), installedAt / 1000, installedAt / 1000 + secondsLater);
  };
  const arePacked = () => isAsPacked(folder, packed, installedAt);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'd365-sums-'));
    for (const [file, text] of files) write(file, text, 2);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('are those that were packed, and no file that the installation wrote is read', () => {
    expect(arePacked()).to.equal(true);
    expect(isAsPacked(folder, { ...packed, 'connector.yaml': '11-0' }, installedAt)).to.equal(true);
  });

  const changes: Readonly<Record<string, () => void>> = {
    'was edited later, also if it is as long as before': () => write('connector.yaml', 'title: Two\n', 3600),
    'has another length, whenever it was written': () => write('connector.yaml', 'title: Three\n', -3600),
    'is missing': () => rmSync(join(folder, 'actions/case.close.yaml')),
    'is new': () => write('actions/case.go.yaml', 'title: Go\n', 0),
    'is new, in a folder of its own': () => write('schemas/tables/more/note.yaml', 'title: Note\n', 0),
    'is new, and has the name of another': () => write('connector.yml', 'title: Two\n', 0),
    'has another name': () =>
      renameSync(join(folder, 'actions/case.close.yaml'), join(folder, 'actions/case.go.yaml')),
    'is a link': () => {
      renameSync(join(folder, 'connector.yaml'), join(folder, 'other.yaml'));
      symlinkSync('other.yaml', join(folder, 'connector.yaml'));
    },
  };
  for (const [title, change] of Object.entries(changes)) {
    it(`are perhaps others if one ${title}`, () => {
      change();
      expect(arePacked()).to.equal(false);
    });
  }

  it('are others if a folder is missing', () => {
    rmSync(join(folder, 'triggers'), { recursive: true });
    expect(arePacked()).to.equal(false);
  });
});

describe('the sum of a file', () => {
  it('does not tell how its lines end', () => {
    const sum = (text: string) => sumFiles(new Map([['connector.yaml', text]]));
    expect(sum('title: One\r\n')).to.deep.equal(sum('title: One\n'));
    expect(sum('title: One\n')).to.not.deep.equal(sum('title: Two\n'));
  });
});
