import { expect } from 'chai';
import { createWebApiFixture, type WebApiFixture } from './fixture.ts';

describe('Web API: file columns', () => {
  let fixture: WebApiFixture;
  let path: string;
  let target: object;

  beforeEach(() => {
    fixture = createWebApiFixture();
    const shape = { required: 'None', validForCreate: true, validForUpdate: true } as const;
    fixture.store.addColumn('account', {
      logicalName: 'new_doc',
      schemaName: 'new_doc',
      displayName: 'Doc',
      type: 'File',
      ...shape,
    });
    fixture.store.addColumn('account', {
      logicalName: 'new_doc_name',
      schemaName: 'new_doc_name',
      displayName: 'Doc',
      type: 'String',
      ...shape,
    });
    const accountid = fixture.create('accounts', { name: 'A' });
    path = `accounts(${accountid})`;
    target = { accountid, '@odata.type': 'Microsoft.Dynamics.CRM.account' };
  });
  afterEach(() => fixture.store.close());

  const bytes = new TextEncoder().encode('hello, file');
  const name = { 'x-ms-file-name': 'a b.txt', 'Content-Type': 'application/octet-stream' };

  it('are uploaded in one request and read completely or by range', () => {
    expect(fixture.send('PATCH', `${path}/new_doc`, bytes, name).status).to.equal(204);
    const { text, headers } = fixture.get(`${path}/new_doc/$value`);
    expect(text).to.equal('hello, file');
    expect(headers).to.include({ 'x-ms-file-name': 'a%20b.txt', 'x-ms-file-size': '11' });
    const part = fixture.get(`${path}/new_doc/$value`, { Range: 'bytes=7-' });
    expect([part.status, part.text, part.headers['Content-Range']]).to.deep.equal([
      206,
      'file',
      'bytes 7-10/11',
    ]);
    expect(fixture.get(`${path}/new_doc/$value`, { Range: 'bytes=99-' }).status).to.equal(416);
  });

  it('have an id and a name in their row and a fileattachment row', () => {
    fixture.send('PATCH', `${path}/new_doc?x-ms-file-name=b.txt`, bytes, {
      'Content-Type': 'application/octet-stream',
    });
    const { json } = fixture.get(
      `${path}?$select=new_doc,new_doc_name&$expand=account_FileAttachments($select=filename,filesizeinbytes)`,
    );
    expect(json.new_doc_name).to.equal('b.txt');
    expect(json.account_FileAttachments[0]).to.include({
      fileattachmentid: json.new_doc,
      filename: 'b.txt',
      filesizeinbytes: 11,
    });
  });

  it('are uploaded in chunks', () => {
    const begun = fixture.send('PATCH', `${path}/new_doc`, undefined, {
      ...name,
      'x-ms-transfer-mode': 'chunked',
    });
    expect([begun.status, begun.headers['x-ms-chunk-size']]).to.deep.equal([200, '4194304']);
    const chunk = (from: number, to: number) =>
      fixture.send('PATCH', begun.headers.Location!, bytes.slice(from, to + 1), {
        ...name,
        'Content-Range': `bytes ${from}-${to}/11`,
      }).status;
    expect([chunk(0, 4), chunk(5, 10)]).to.deep.equal([206, 204]);
    expect(fixture.get(`${path}/new_doc/$value`).text).to.equal('hello, file');
  });

  it('are uploaded and downloaded in blocks', () => {
    const { FileContinuationToken } = fixture.send('POST', 'InitializeFileBlocksUpload', {
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
        fixture.send('POST', 'UploadBlock', { BlockId, BlockData, FileContinuationToken }).status,
      ).to.equal(204);
    }
    const commit = {
      BlockList: ['MQ==', 'Mg=='],
      FileContinuationToken,
      FileName: 'c.txt',
      MimeType: 'text/plain',
    };
    expect(fixture.send('POST', 'CommitFileBlocksUpload', commit).json.FileSizeInBytes).to.equal(11);
    const download = fixture.send('POST', 'InitializeFileBlocksDownload', {
      Target: target,
      FileAttributeName: 'new_doc',
    }).json;
    const block = fixture.send('POST', 'DownloadBlock', {
      Offset: 7,
      BlockLength: 4,
      FileContinuationToken: download.FileContinuationToken,
    }).json;
    expect(Buffer.from(block.Data, 'base64').toString()).to.equal('file');
  });

  it('are deleted', () => {
    fixture.send('PATCH', `${path}/new_doc`, bytes, name);
    expect(fixture.send('DELETE', `${path}/new_doc`).status).to.equal(204);
    expect(fixture.get(`${path}/new_doc/$value`).status).to.equal(404);
  });

  it('are deleted by id', () => {
    fixture.send('PATCH', `${path}/new_doc`, bytes, name);
    const { new_doc: FileId } = fixture.get(`${path}?$select=new_doc`).json;
    expect(fixture.send('POST', 'DeleteFile', { FileId }).status).to.equal(204);
    expect(fixture.get(`${path}?$select=new_doc`).json.new_doc).to.equal(null);
    expect(fixture.send('POST', 'DeleteFile', { FileId }).status).to.equal(404);
  });
});

describe('Web API: documents in blocks', () => {
  let fixture: WebApiFixture;
  beforeEach(() => {
    fixture = createWebApiFixture();
  });
  afterEach(() => fixture.store.close());

  const upload = (kind: string, Target: object) => {
    const { FileContinuationToken } = fixture.send('POST', `Initialize${kind}BlocksUpload`, { Target }).json;
    const BlockData = Buffer.from('a document').toString('base64');
    fixture.send('POST', 'UploadBlock', { BlockId: 'MQ==', BlockData, FileContinuationToken });
    const commit = { Target, BlockList: ['MQ=='], FileContinuationToken };
    return fixture.send('POST', `Commit${kind}BlocksUpload`, commit).json;
  };
  const download = (kind: string, Target: object) => {
    const { FileContinuationToken, ...about } = fixture.send('POST', `Initialize${kind}BlocksDownload`, {
      Target,
    }).json;
    const block = { Offset: 2, BlockLength: 100, FileContinuationToken };
    const { Data } = fixture.send('POST', 'DownloadBlock', block).json;
    return { ...about, text: Buffer.from(Data, 'base64').toString() };
  };

  it('create or update a note and are downloaded', () => {
    const annotationid = '0000000a-0000-4000-8000-000000000001';
    const note = { annotationid, '@odata.type': 'Microsoft.Dynamics.CRM.annotation' };
    const made = upload('Annotation', { ...note, subject: 'N', filename: 'n.txt' });
    expect(made).to.include({ AnnotationId: annotationid, FileSizeInBytes: 10 });
    expect(download('Annotation', note)).to.include({
      FileName: 'n.txt',
      FileSizeInBytes: 10,
      text: 'document',
    });
    upload('Annotation', { ...note, subject: 'Changed' });
    const { json } = fixture.get(`annotations(${annotationid})?$select=subject,isdocument,filesize,filename`);
    expect(json).to.include({ subject: 'Changed', isdocument: true, filesize: 10, filename: 'n.txt' });
    expect(fixture.get(`annotations(${annotationid})/documentbody/$value`).text).to.equal('YSBkb2N1bWVudA==');
  });

  it('require an id for a note', () => {
    const Target = { subject: 'N', '@odata.type': 'Microsoft.Dynamics.CRM.annotation' };
    expect(fixture.send('POST', 'InitializeAnnotationBlocksUpload', { Target }).status).to.equal(400);
  });

  it('create an attachment', () => {
    const email = fixture.create('emails', { subject: 'M' });
    const made = upload('Attachment', {
      '@odata.type': 'Microsoft.Dynamics.CRM.activitymimeattachment',
      'objectid_email@odata.bind': `emails(${email})`,
      objecttypecode: 'email',
      filename: 'a.txt',
    });
    const activitymimeattachmentid = made.ActivityMimeAttachmentId;
    const target = {
      '@odata.type': 'Microsoft.Dynamics.CRM.activitymimeattachment',
      activitymimeattachmentid,
    };
    expect(download('Attachment', target)).to.include({ FileName: 'a.txt', text: 'document' });
    const row = fixture.get(
      `activitymimeattachments(${activitymimeattachmentid})?$select=_objectid_value`,
    ).json;
    expect(row._objectid_value).to.equal(email);
  });
});
