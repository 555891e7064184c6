import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { sumFiles, sumInstalledFiles } from '../../src/node/file-sums.ts';

const installedAt = Date.parse('2026-03-01T12:00:00Z');

describe('sums of the files of an installed manifest', () => {
  const files = new Map([
    ['connector.yaml', 'title: One\n'],
    ['actions/case.close.yaml', 'title: Close\n'],
  ]);
  const packed = sumFiles(files);
  let folder: string;
  const write = (file: string, text: string, secondsLater: number) => {
    writeFileSync(join(folder, file), text);
    utimesSync(join(folder, file), installedAt / 1000, installedAt / 1000 + secondsLater);
  };
  const sums = () => sumInstalledFiles(folder, packed, installedAt);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'd365-sums-'));
    mkdirSync(join(folder, 'actions'));
    for (const [file, text] of files) write(file, text, 2);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('are those of the package, and no file that the installation wrote is read', () => {
    expect(sums()).to.deep.equal(packed);
    const unread = { ...packed, 'connector.yaml': '11-0' };
    expect(sumInstalledFiles(folder, unread, installedAt)).to.deep.equal(unread);
  });

  it('differ for a file that was edited later, also if it is as long as before', () => {
    write('connector.yaml', 'title: Two\n', 3600);
    expect(sums()).to.deep.equal({ ...packed, ...sumFiles(new Map([['connector.yaml', 'title: Two\n']])) });
  });

  it('differ for a file with another length, whenever it was written', () => {
    write('connector.yaml', 'title: Three\n', -3600);
    expect(sums()['connector.yaml']).to.not.equal(packed['connector.yaml']);
  });

  it('are the same for a file that was written again, also with other line ends', () => {
    write('connector.yaml', 'title: One\n', 3600);
    write('actions/case.close.yaml', 'title: Close\r\n', 3600);
    expect(sums()).to.deep.equal(packed);
  });

  it('tell of files that are new', () => {
    write('actions/case.go.yaml', 'title: Go\n', 0);
    expect(sums()).to.have.all.keys(...files.keys(), 'actions/case.go.yaml');
  });
});
