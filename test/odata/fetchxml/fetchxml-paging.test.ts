import { expect } from 'chai';
import fc from 'fast-check';
import { addPaging, isSinglePage, readPagingCookie } from '../../../src/odata/fetchxml/fetchxml-paging.ts';

const fetch = '<fetch version="1.0"><entity name="task"><attribute name="subject"/></entity></fetch>';
const annotation =
  '<cookie pagenumber="2" pagingcookie="%253ccookie%2520page%253d%25221%2522%253e%253csubject%2520last%253d%2522a%2526b%2522%2520%252f%253e%253c%252fcookie%253e" istracking="False" />';

describe('FetchXML paging', () => {
  it('continues with the cookie of the annotation, decoded twice and escaped', () => {
    const next = readPagingCookie(annotation)!;
    expect(next).to.deep.equal({ page: 2, cookie: '<cookie page="1"><subject last="a&b" /></cookie>' });
    expect(addPaging(fetch, 1000, next)).to.include(
      '<fetch count="1000" page="2" paging-cookie="&lt;cookie page=&quot;1&quot;&gt;&lt;subject last=&quot;a&amp;b&quot; /&gt;&lt;/cookie&gt;" version="1.0">',
    );
  });

  it('replaces a page in the query and keeps its count', () => {
    const own = `<fetch page='7' count="50" paging-cookie="x"><entity name="task"/></fetch>`;
    expect(addPaging(own, 1000)).to.equal('<fetch count="50"><entity name="task"/></fetch>');
    expect(addPaging(own, 1000, { page: 8, cookie: 'y' })).to.match(
      /^<fetch page="8" paging-cookie="y" count="50">/,
    );
  });

  it('uses a single page for top and aggregates', () => {
    expect(isSinglePage('<fetch top="5"><entity name="task"/></fetch>')).to.equal(true);
    expect(isSinglePage('<fetch aggregate="true"><entity name="task"/></fetch>')).to.equal(true);
    expect(
      isSinglePage('<fetch><entity name="task"><attribute name="top" alias="top"/></entity></fetch>'),
    ).to.equal(false);
  });

  it('ends if the annotation has no next page', () => {
    for (const text of [
      '',
      'undefined',
      '<cookie pagenumber="1" pagingcookie="x" />',
      '<cookie pagenumber="2" />',
    ])
      expect(readPagingCookie(text)).to.equal(undefined);
    expect(readPagingCookie('<cookie pagenumber="2" pagingcookie="%zz" />')).to.equal(undefined);
  });

  it('keeps a cookie with replacement patterns', () => {
    expect(addPaging(fetch, 10, { page: 2, cookie: "$&$1$'" })).to.include('paging-cookie="$&amp;$1$&apos;"');
  });

  it('escapes any cookie', () => {
    fc.assert(
      fc.property(fc.string(), (cookie) => {
        const xml = addPaging(fetch, 10, { page: 2, cookie });
        const [, written] = /paging-cookie="([^"]*)"/.exec(xml)!;
        expect(xml.replace(/ paging-cookie="[^"]*"/, '')).to.equal(
          addPaging(fetch, 10, { page: 2, cookie: '' }).replace(/ paging-cookie="[^"]*"/, ''),
        );
        expect(written).not.to.match(/[<>]/);
      }),
    );
  });
});
