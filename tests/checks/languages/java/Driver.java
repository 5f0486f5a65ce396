import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.HexFormat;

class Driver {
    public static void main(String[] arguments) throws Exception {
        var lines = new BufferedReader(new InputStreamReader(System.in));
        for (String line; (line = lines.readLine()) != null; ) {
            String[] columns = line.split("\t");
            System.out.println(UserHash.userHash(text(columns[0]), text(columns[1])));
        }
    }

    private static String text(String digits) {
        return new String(HexFormat.of().parseHex(digits), UTF_8);
    }
}
