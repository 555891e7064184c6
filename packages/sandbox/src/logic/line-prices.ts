import { referenceId, toReference } from '../store/entity-reference.ts';
import type { ColumnValues, EntityReference, OrganizationStore, StoredRow } from '../store/types.ts';
import { divide, type ExactAmount, multiply, percentOf, toAmount, toMoney } from './exact-amount.ts';
import { findRows, readReferenced } from './find-rows.ts';

/** Pricing errors of a line. */
const pricingError = { none: 0, missingPriceList: 2, notInPriceList: 11 } as const;

/**
 * The amounts of a line: the price of the price list unless it is overridden, the discount for the quantity, and the
 * extended amount.
 * https://learn.microsoft.com/dynamics365/sales/developer/use-custom-pricing-products
 */
export function priceLine(
  store: OrganizationStore,
  line: ColumnValues,
  document: StoredRow | undefined,
): ColumnValues {
  const quantity = toAmount(line.quantity);
  const price = findPrice(store, line, document);
  const perUnit = price.perUnit ?? toAmount(line.priceperunit);
  const discount = price.item ? quantityDiscount(store, price.item, { quantity, perUnit }) : 0n;
  const base = multiply(perUnit, quantity);
  const extended =
    base - multiply(discount, quantity) - toAmount(line.manualdiscountamount) + toAmount(line.tax);
  return {
    ...(price.uomid ? { uomid: price.uomid } : {}),
    priceperunit: toMoney(perUnit),
    volumediscountamount: toMoney(discount),
    baseamount: toMoney(base),
    extendedamount: toMoney(extended),
    pricingerrorcode: price.error,
  };
}

interface LinePrice {
  /** Absent when the line has its own price. */
  readonly perUnit?: ExactAmount;
  readonly item?: StoredRow;
  readonly uomid?: EntityReference;
  readonly error: number;
}

function findPrice(store: OrganizationStore, line: ColumnValues, document: StoredRow | undefined): LinePrice {
  const product = readReferenced(store, line.productid);
  if (!product || line.isproductoverridden === true) return { error: pricingError.none };
  const uomid = toReference(line.uomid ?? product.values.defaultuomid);
  const item = findPriceListItem(store, {
    priceList: referenceId(document?.values.pricelevelid),
    product: product.id,
    unit: uomid?.id,
  });
  if (line.ispriceoverridden === true) return { item, uomid, error: pricingError.none };
  if (item) return { perUnit: itemPrice(item, product), item, uomid, error: pricingError.none };
  const hasList = referenceId(document?.values.pricelevelid) !== undefined;
  return { uomid, error: hasList ? pricingError.notInPriceList : pricingError.missingPriceList };
}

function findPriceListItem(
  store: OrganizationStore,
  { priceList, product, unit }: { priceList?: string; product: string; unit?: string },
): StoredRow | undefined {
  if (priceList === undefined) return undefined;
  const filter = `_pricelevelid_value eq ${priceList} and _productid_value eq ${product}`;
  const items = findRows(store, 'productpricelevel', filter);
  return items.find(({ values }) => unit === undefined || referenceId(values.uomid) === unit);
}

/** The price of a product in a price list, by the pricing method of the item. */
function itemPrice({ values: item }: StoredRow, { values: product }: StoredRow): ExactAmount {
  const percentage = toAmount(item.percentage);
  const whole = toAmount(100);
  const markup = (cost: ExactAmount) => cost + percentOf(cost, percentage);
  const margin = (cost: ExactAmount) => divide(multiply(cost, whole), whole - percentage);
  switch (item.pricingmethodcode) {
    case 2:
      return percentOf(toAmount(product.price), percentage);
    case 3:
      return markup(toAmount(product.currentcost));
    case 4:
      return margin(toAmount(product.currentcost));
    case 5:
      return markup(toAmount(product.standardcost));
    case 6:
      return margin(toAmount(product.standardcost));
    default:
      return toAmount(item.amount);
  }
}

/** The discount per unit of the discount list for a quantity. */
function quantityDiscount(
  store: OrganizationStore,
  { values: item }: StoredRow,
  { quantity, perUnit }: { readonly quantity: ExactAmount; readonly perUnit: ExactAmount },
): ExactAmount {
  const list = readReferenced(store, item.discounttypeid);
  if (!list) return 0n;
  const discount = findRows(store, 'discount', `_discounttypeid_value eq ${list.id}`).find(
    ({ values }) => toAmount(values.lowquantity) <= quantity && quantity <= toAmount(values.highquantity),
  );
  if (!discount) return 0n;
  return list.values.isamounttype === true
    ? toAmount(discount.values.amount)
    : percentOf(perUnit, toAmount(discount.values.percentage));
}
