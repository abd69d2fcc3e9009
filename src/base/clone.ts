/** Deep copies of plain data: objects, arrays, typed arrays, primitives. What state is saved and restored with. */
export function clonePlain<T>(value: T): T {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(clonePlain) as T;
  if (ArrayBuffer.isView(value)) return (value as unknown as { slice(): T }).slice();
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, clonePlain(item)])) as T;
}
