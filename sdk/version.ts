// The version that every request names in its x-accrete-sdk header: the one of package.json.

export const sdkVersion = "0.1.0";
