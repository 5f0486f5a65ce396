using System;
using System.Linq;
using System.Text;

static class Driver
{
    static void Main()
    {
        for (string line; (line = Console.ReadLine()) != null;)
        {
            string[] texts = line.Split('\t').Select(Text).ToArray();
            Console.WriteLine(UserHash.Compute(texts[0], texts[1]));
        }
    }

    static string Text(string digits)
    {
        var bytes = Enumerable.Range(0, digits.Length / 2).Select(i => Convert.ToByte(digits.Substring(2 * i, 2), 16));
        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
