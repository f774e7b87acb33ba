// Types that the declarations of danfojs-node import from other packages: options that danfojs passes on to
// them. Most of these packages come without types, so that their options were never checked.
interface Options {
  // biome-ignore lint/suspicious/noExplicitAny: the options of other packages
  [name: string]: any;
}

export type {
  Options as BaseUserConfig,
  Options as TableUserConfig,
  Options as Config,
  Options as Layout,
  Options as ParseConfig,
  Options as ParsingOptions,
  Options as WritingOptions,
}; // table
export type HeadersInit = Record<string, string>; // node-fetch
declare namespace request {
  export type { Options as RequiredUriUrl, Options as CoreOptions };
}
export default request;
