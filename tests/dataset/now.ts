export const NOW = new Date("2024-06-01T00:00:00Z");
