type RandomNumbers = (below: number) => number

export declare function randomNumbers(seed: number): RandomNumbers
export declare function composeFile(random: RandomNumbers): string
export declare function dockerfile(random: RandomNumbers): string
export declare function powershellScript(random: RandomNumbers): string
export declare function bashScript(random: RandomNumbers): string
export declare function javascriptScript(random: RandomNumbers): string
