import { expect } from 'chai';
import { createWorld, type World } from './world.ts';

describe('files', () => {
  let world: World;
  let path: string;
  let target: object;

  beforeEach(() => {
    world = createWorld();
    const shape = { required: 'None', validForCreate: true, validForUpdate: true } as const;
    world.store.addColumn('account', {
      logicalName: 'new_doc',
      schemaName: 'new_doc',
      displayName: 'Doc',
      type: 'File',
      ...shape,
    });
    world.store.addColumn('account', {
      logicalName: 'new_doc_name',
      schemaName: 'new_doc_name',
      displayName: 'Doc',
      type: 'String',
      ...shape,
    });
    const accountid = world.create('accounts', { name: 'A' });
    path = `accounts(${accountid})`;
    target = { accountid, '@odata.type': 'Microsoft.Dynamics.CRM.account' };
  });
  afterEach(() => world.store.close());

  const bytes = new TextEncoder().encode('hello, file');
  const name = { 'x-ms-file-name': 'a b.txt', 'Content-Type': 'application/octet-stream' };

  it('are put in one request and read whole or in part', () => {
    expect(world.send('PATCH', `${path}/new_doc`, bytes, name).status).to.equal(204);
    const { text, headers } = world.get(`${path}/new_doc/$value`);
    expect(text).to.equal('hello, file');
    expect(headers).to.include({ 'x-ms-file-name': 'a%20b.txt', 'x-ms-file-size': '11' });
    const part = world.get(`${path}/new_doc/$value`, { Range: 'bytes=7-' });
    expect([part.status, part.text, part.headers['Content-Range']]).to.deep.equal([
      206,
      'file',
      'bytes 7-10/11',
    ]);
    expect(world.get(`${path}/new_doc/$value`, { Range: 'bytes=99-' }).status).to.equal(416);
  });

  it('show as an id and a name in their row, and as rows of their own', () => {
    world.send('PATCH', `${path}/new_doc?x-ms-file-name=b.txt`, bytes, {
      'Content-Type': 'application/octet-stream',
    });
    const { json } = world.get(
      `${path}?$select=new_doc,new_doc_name&$expand=account_FileAttachments($select=filename,filesizeinbytes)`,
    );
    expect(json.new_doc_name).to.equal('b.txt');
    expect(json.account_FileAttachments[0]).to.include({
      fileattachmentid: json.new_doc,
      filename: 'b.txt',
      filesizeinbytes: 11,
    });
  });

  it('are put in chunks', () => {
    const begun = world.send('PATCH', `${path}/new_doc`, undefined, {
      ...name,
      'x-ms-transfer-mode': 'chunked',
    });
    expect([begun.status, begun.headers['x-ms-chunk-size']]).to.deep.equal([200, '4194304']);
    const chunk = (from: number, to: number) =>
      world.send('PATCH', begun.headers.Location!, bytes.slice(from, to + 1), {
        ...name,
        'Content-Range': `bytes ${from}-${to}/11`,
      }).status;
    expect([chunk(0, 4), chunk(5, 10)]).to.deep.equal([206, 204]);
    expect(world.get(`${path}/new_doc/$value`).text).to.equal('hello, file');
  });

  it('are put and read in blocks', () => {
    const { FileContinuationToken } = world.send('POST', 'InitializeFileBlocksUpload', {
      Target: target,
      FileName: 'c.txt',
      FileAttributeName: 'new_doc',
    }).json;
    for (const [BlockId, text] of [
      ['MQ==', 'hello, '],
      ['Mg==', 'file'],
    ]) {
      const BlockData = Buffer.from(text!).toString('base64');
      expect(
        world.send('POST', 'UploadBlock', { BlockId, BlockData, FileContinuationToken }).status,
      ).to.equal(204);
    }
    const commit = {
      BlockList: ['MQ==', 'Mg=='],
      FileContinuationToken,
      FileName: 'c.txt',
      MimeType: 'text/plain',
    };
    expect(world.send('POST', 'CommitFileBlocksUpload', commit).json.FileSizeInBytes).to.equal(11);
    const download = world.send('POST', 'InitializeFileBlocksDownload', {
      Target: target,
      FileAttributeName: 'new_doc',
    }).json;
    const block = world.send('POST', 'DownloadBlock', {
      Offset: 7,
      BlockLength: 4,
      FileContinuationToken: download.FileContinuationToken,
    }).json;
    expect(Buffer.from(block.Data, 'base64').toString()).to.equal('file');
  });

  it('are taken away', () => {
    world.send('PATCH', `${path}/new_doc`, bytes, name);
    expect(world.send('DELETE', `${path}/new_doc`).status).to.equal(204);
    expect(world.get(`${path}/new_doc/$value`).status).to.equal(404);
  });

  it('the document of a note comes in blocks too', () => {
    const annotationid = world.create('annotations', { subject: 'N', filename: 'n.txt' });
    const Target = { annotationid, '@odata.type': 'Microsoft.Dynamics.CRM.annotation' };
    const { FileContinuationToken } = world.send('POST', 'InitializeAnnotationBlocksUpload', { Target }).json;
    world.send('POST', 'UploadBlock', {
      BlockId: 'MQ==',
      BlockData: Buffer.from('note').toString('base64'),
      FileContinuationToken,
    });
    expect(
      world.send('POST', 'CommitAnnotationBlocksUpload', {
        Target,
        BlockList: ['MQ=='],
        FileContinuationToken,
      }).json.FileSizeInBytes,
    ).to.equal(4);
    const { json } = world.get(`annotations(${annotationid})?$select=documentbody,isdocument,filesize`);
    expect(json).to.include({ documentbody: 'bm90ZQ==', isdocument: true, filesize: 4 });
  });
});
